import type { ErrorData } from '@/domain/automation'
import { contractBreaches } from '@/domain/lineage/breaches'
import type { DatasetLineage } from '@/domain/lineage/graph'
import type { Project } from '@/domain/pipeline/project'
import { prepareText } from './project-text'

/** A problem for each column that a dataset uses of another schema's table and that is not in the table's contract. */
export function contractProblems(project: Project, lineage: readonly DatasetLineage[]): ErrorData[] {
  return contractBreaches(project.datasets, lineage).map(({ reader, table, column, offset, contract }) => {
    const slice = { file: reader.file, fileText: reader.fileText, slice: reader.query }
    const promised = contract.length === 0 ? 'lists no column' : `lists ${contract.join(', ')}`
    return {
      code: 'contract.breach',
      message: `${reader.file}: ${reader.name} uses ${column} of ${table.name}, which is not in that table's public contract`,
      remedy: `The public_contract of ${table.name} (${table.file}) ${promised}. Use these, or have ${column} added to it.`,
      file: reader.file,
      ...prepareText(slice, project.configuration).placeAt(offset),
    }
  })
}
