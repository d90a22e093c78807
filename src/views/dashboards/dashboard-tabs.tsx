import { useEffect, useRef } from 'react'
import { type DashboardName, dashboardTabs } from '@/store/dashboards/dashboards'
import { carriedFilter, type DashboardFilter } from '@/store/dashboards/filter'
import { hrefOf } from '@/store/route'
import classes from './dashboards.module.css'

/** Links to the dashboards; what one is filtered by stays for those that know it, too. */
export function DashboardTabs({ active, filter }: { active: DashboardName; filter: DashboardFilter }) {
  const bar = useRef<HTMLElement>(null)
  // On a narrow screen the tabs are wider than it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab that is looked for follows the active dashboard
  useEffect(() => {
    bar.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [active])
  return (
    <nav className={classes.tabs} aria-label="Dashboards" ref={bar}>
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
