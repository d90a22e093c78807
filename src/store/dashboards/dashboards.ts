import type { ProjectView } from '@/rpc/contract'
import { campaigns } from './campaigns'
import { cohort } from './cohort'
import { customerSegmentation } from './customer-segmentation'
import type { DashboardDefinition } from './definition'
import { executive } from './executive'
import type { FilterName } from './filter'
import { productHealth } from './product-health'

/** The dashboards that are declared, by the name in their address. */
export const definitions = {
  customer_segmentation: customerSegmentation,
  cohort,
  executive,
  campaigns,
  product_health: productHealth,
} satisfies Record<string, DashboardDefinition>

export type DeclaredName = keyof typeof definitions
export type DashboardName = 'revenue' | DeclaredName

interface DashboardTab {
  name: DashboardName
  title: string
  /** What it can be filtered by. */
  filters: readonly FilterName[]
  /** The pipeline's queries that it reads. */
  queries: string[]
}

/** All dashboards in the order of their tabs; revenue has a view of its own, for figures that no sum of its rows gives. */
export const dashboardTabs: DashboardTab[] = [
  { name: 'revenue', title: 'Revenue', filters: ['segment', 'category'], queries: ['revenue'] },
  ...Object.entries(definitions).flatMap(([name, { title, filters, sources }]) =>
    isDeclared(name) ? [{ name, title, filters, queries: Object.values(sources).map(({ query }) => query) }] : [],
  ),
]

export function isDeclared(name: string): name is DeclaredName {
  return Object.hasOwn(definitions, name)
}

/** The dashboards whose queries the pipeline has. */
export function shownDashboards(project: Pick<ProjectView, 'dashboards'>): DashboardTab[] {
  return dashboardTabs.filter(({ queries }) =>
    queries.every((query) => project.dashboards.some(({ name }) => name === query)),
  )
}
