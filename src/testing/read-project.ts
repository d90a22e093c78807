import { parseYaml } from '@/adapters/yaml/parse'
import type { Project } from '@/domain/pipeline/project'
import type { SqlDialect } from '@/engine/ports'
import { readProject } from '@/engine/project'

/** Reads a project from file contents by path. */
export function readTestProject(
  files: Record<string, string>,
  dialect: SqlDialect,
  configuration?: Record<string, string>,
): Project {
  const list = Object.entries(files).map(([path, text]) => ({ path, text }))
  return readProject(list, dialect, parseYaml, configuration)
}
