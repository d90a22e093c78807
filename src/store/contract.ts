/** The engine's data shapes, for views: they know the store, not the connection behind it. */
export type {
  DatasetProgress,
  DatasetView,
  PlanNode,
  ProjectView,
  ResultFormat,
  ResultInfo,
  SourceView,
  StoredTable,
} from '@/rpc/contract'
