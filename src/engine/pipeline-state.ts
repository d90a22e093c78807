import type { Dataset, Project } from '@/domain/pipeline/project'
import type { ContractColumn } from '@/domain/silver/column-plan'
import type { SqlDialect } from './ports'
import { usedSourceColumns } from './project'
import { splitNames } from './project-declare'
import type { SilverContract } from './silver/group-files'

/** Silver tables as the project declares them, with DuckDB types. Columns whose type is a problem are left out: the problem is reported. */
export function silverContracts(project: Project, dialect: SqlDialect): SilverContract[] {
  const used = usedSourceColumns(project)
  return project.sources.map((source) => ({
    name: source.name,
    key: source.primaryKey,
    sequence: splitNames(source.properties['source.sequence_by'] ?? ''),
    keepsHistory: source.properties['source.history']?.toLowerCase() === 'true',
    columns: source.columns.flatMap((column): ContractColumn[] => {
      const type = dialect.dataType(column.type)
      if (typeof type !== 'string') return []
      const isUsed = used.get(source.name)?.has(column.name.toLowerCase()) ?? false
      return [{ name: column.name, type, optional: column.optional, used: isUsed }]
    }),
  }))
}

/** Absent sources that a dataset does without: property `pipeline.optional_inputs`, a list of names. */
export function optionalInputs(dataset: Dataset): string[] {
  const list = dataset.properties['pipeline.optional_inputs'] ?? ''
  return list
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

/** All schemas that the engine needs in DuckDB. */
export function schemasOf(project: Project): string[] {
  const names = [
    ...project.schemas.map(({ name }) => name),
    ...[...project.datasets, ...project.sources].map(({ name }) => name.split('.')[0] ?? ''),
  ]
  return [...new Set(['silver', 'engine', project.defaultSchema, ...names])].filter((name) => name !== '')
}
