import { isDeclared } from '@/store/dashboards/dashboards'
import { noFilter } from '@/store/dashboards/filter'
import { useGoldsmith } from '@/views/store-context'
import { DashboardTabs } from './dashboard-tabs'
import { DeclaredDashboard } from './declared-dashboard'
import { RevenueView } from './revenue-view'

/** The dashboards: their tabs, and the one that the address names. */
export default function DashboardsView() {
  const name = useGoldsmith((state) => (state.route.view === 'dashboards' ? state.route.name : 'revenue'))
  const filter = useGoldsmith((state) => (state.route.view === 'dashboards' ? state.route.filter : noFilter))
  return (
    <>
      <DashboardTabs active={name} filter={filter} />
      {isDeclared(name) ? <DeclaredDashboard key={name} name={name} filter={filter} /> : <RevenueView />}
    </>
  )
}
