import type { Project } from '@/domain/pipeline/project'
import type { ProjectView, SourceView } from '@/rpc/contract'
import type { SilverStore } from './silver/silver-store'

/** The project as the page shows it. */
export function projectView(project: Project): ProjectView {
  return {
    name: project.name,
    schemas: Object.fromEntries(project.schemas.map(({ name, comment }) => [name, comment])),
    datasets: project.datasets.map((dataset) => ({
      name: dataset.name,
      kind: dataset.kind,
      file: dataset.file,
      sql: dataset.fileText,
      comment: dataset.comment,
      columns: (dataset.columns ?? []).map(({ name, type, comment }) => ({
        name,
        type: type === '' ? null : type,
        comment,
      })),
      expectations: dataset.expectations.map(({ name, expression, action }) => ({
        name,
        expression: expression.text,
        action,
      })),
      inputs: dataset.inputs,
      partitionedBy: dataset.partitionedBy,
      properties: dataset.properties,
    })),
    dashboards: project.dashboards.map(({ name, file, sql }) => ({ name, file, sql })),
    problems: project.problems,
  }
}

/** The Silver tables that the project declares, and what is loaded of them. */
export function sourceViews(project: Project, silver: SilverStore): SourceView[] {
  return project.sources.map((source) => {
    const loaded = silver.tables.get(source.name)
    const failure = silver.failures.get(source.name)
    const present = new Set(loaded?.available)
    const used = new Map(silver.contract(source.name)?.columns.map((column) => [column.name, column]))
    return {
      table: source.name,
      comment: source.comment,
      optional: source.optional,
      columns: source.columns.map((column) => ({
        name: column.name,
        type: used.get(column.name)?.type ?? column.type,
        comment: column.comment,
        optional: column.optional,
        used: used.get(column.name)?.used ?? false,
        present: present.has(column.name.toLowerCase()),
      })),
      key: source.primaryKey,
      // What was loaded stays in use when files that were to replace it cannot be.
      status: loaded ? 'ready' : failure ? 'invalid' : 'absent',
      files: loaded?.files ?? failure?.files ?? [],
      rows: loaded?.rows ?? 0,
      bytes: loaded?.bytes ?? 0,
      delta: loaded?.delta ?? null,
      lastLoad: loaded?.lastLoad ?? null,
      dateRange: loaded?.dateRange ?? null,
      problems: failure?.problems ?? [],
    }
  })
}
