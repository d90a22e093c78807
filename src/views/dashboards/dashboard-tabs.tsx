import { type DashboardName, dashboardTabs } from '@/store/dashboards/dashboards'
import { carriedFilter, type DashboardFilter } from '@/store/dashboards/filter'
import { hrefOf } from '@/store/route'
import classes from './dashboards.module.css'

/** Links to the dashboards; what one is filtered by stays for those that know it, too. */
export function DashboardTabs({ active, filter }: { active: DashboardName; filter: DashboardFilter }) {
  return (
    <nav className={classes.tabs} aria-label="Dashboards">
      {dashboardTabs.map(({ name, title, filters }) => (
        <a
          key={name}
          href={hrefOf({ view: 'dashboards', name, filter: carriedFilter(filter, filters) })}
          aria-current={name === active ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  )
}
