/** `spark-pipeline.yml`: the specification file of a Spark Declarative Pipelines project. */
import type { ErrorData } from '@/domain/automation'
import { nearestName } from '@/domain/pipeline/nearest'
import type { PipelineFile } from '@/domain/pipeline/project'

export interface PipelineSettings {
  name: string
  catalog: string | null
  schema: string
  configuration: Record<string, string>
  /** Globs of the files with transformations. */
  include: string[]
  problems: ErrorData[]
  /** Where a key is written. */
  placeOf: (key: string) => Pick<ErrorData, 'file' | 'line'>
}

const FILE = 'spark-pipeline.yml'
/** `storage` is Spark's place for checkpoints; there are none here. */
const KEYS = ['name', 'catalog', 'schema', 'database', 'configuration', 'libraries', 'storage']

export function readSettings(files: readonly PipelineFile[], parseYaml: (text: string) => unknown): PipelineSettings {
  const settings: PipelineSettings = {
    name: 'pipeline',
    catalog: null,
    schema: 'default',
    configuration: {},
    include: ['transformations/**'],
    problems: [],
    placeOf: () => ({ file: FILE }),
  }
  const file = files.find(({ path }) => path === FILE || path === 'spark-pipeline.yaml')
  if (!file) {
    settings.problems.push({
      code: 'pipeline.no_settings',
      message: `The pipeline has no ${FILE}`,
      remedy: `Add ${FILE} with name, schema and libraries.`,
      file: FILE,
    })
    return settings
  }
  settings.placeOf = (key) => {
    const line =
      file.text.split(/\r\n|\n|\r/).findIndex((text) => text.replace(/^[\s{-]+/, '').startsWith(`${key}:`)) + 1
    return { file: file.path, ...(line > 0 ? { line } : {}) }
  }
  const document = parseDocument(file, parseYaml, settings)
  if (document) new SettingsReader(file, settings).read(document)
  return settings
}

function parseDocument(
  file: PipelineFile,
  parseYaml: (text: string) => unknown,
  settings: PipelineSettings,
): Record<string, unknown> | null {
  try {
    const document = parseYaml(file.text)
    if (isRecord(document)) return document
    throw new Error('the file holds no keys')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const cause = isRecord(error.cause) ? (error.cause as Partial<ErrorData>) : {}
    settings.problems.push({
      code: 'pipeline.yaml',
      remedy: 'Correct the file.',
      ...cause,
      message: `${file.path}: ${error.message}`,
      file: file.path,
    })
    return null
  }
}

class SettingsReader {
  constructor(
    private readonly file: PipelineFile,
    private readonly settings: PipelineSettings,
  ) {}

  read(document: Record<string, unknown>): void {
    if ('schema' in document && 'database' in document) {
      this.problem('pipeline.invalid_value', 'schema and database are two names of one key', 'Keep schema.', 'database')
    }
    for (const [key, value] of this.knownEntries(document, KEYS)) {
      if (key === 'configuration') this.readConfiguration(value)
      else if (key === 'libraries') this.readLibraries(value)
      else if (typeof value !== 'string' || value.trim() === '') {
        this.problem('pipeline.invalid_value', `${key} is no text`, 'Write a text.', key)
      } else if (key === 'name') this.settings.name = value
      else if (key === 'catalog') this.settings.catalog = value
      else if (key !== 'storage') this.settings.schema = value.toLowerCase()
    }
  }

  /** The entries with a known key; each other key is a problem. */
  private knownEntries(
    record: Record<string, unknown>,
    known: readonly string[],
    within?: string,
  ): [string, unknown][] {
    return Object.entries(record).filter(([key]) => {
      if (known.includes(key)) return true
      const nearest = nearestName(key, known)
      this.problem(
        'pipeline.unknown_key',
        `unknown key '${key.slice(0, 80)}'`,
        nearest ? `Did you mean ${nearest}?` : `Keys are ${known.join(', ')}.`,
        key,
        within,
      )
      return false
    })
  }

  private readConfiguration(value: unknown): void {
    if (value === null) return
    if (!isRecord(value)) {
      this.problem('pipeline.invalid_value', 'configuration holds no keys', 'Write name: value pairs.', 'configuration')
      return
    }
    for (const [name, entry] of Object.entries(value)) {
      // A value that is no text is kept all the same: what uses it shall not be wrong a second time.
      if (!isRecord(entry) && !Array.isArray(entry)) this.settings.configuration[name] = String(entry)
      if (typeof entry === 'string') continue
      this.problem(
        'pipeline.invalid_value',
        `configuration '${name.slice(0, 80)}' is no text`,
        'Write a text in quotes.',
        name,
      )
    }
  }

  private readLibraries(value: unknown): void {
    const include: string[] = []
    for (const library of Array.isArray(value) ? value : [value]) {
      const [, glob] = (isRecord(library) && this.knownEntries(library, ['glob'], 'libraries').at(0)) || []
      const [, pattern] = (isRecord(glob) && this.knownEntries(glob, ['include'], 'libraries').at(0)) || []
      if (typeof pattern === 'string' && pattern.trim() !== '') include.push(pattern)
      else {
        this.problem(
          'pipeline.invalid_value',
          'a library is no glob',
          'Write libraries as a list of "- glob: {include: transformations/**}".',
          'libraries',
        )
      }
    }
    this.settings.include = include
  }

  /** The place is that of the key, or of `within` when the key is not at the start of a line. */
  private problem(code: string, message: string, remedy: string, key: string, within = key): void {
    const place = this.settings.placeOf(key)
    this.settings.problems.push({
      code,
      message: `${this.file.path}: ${message}`,
      remedy,
      ...(place.line === undefined ? this.settings.placeOf(within) : place),
    })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A test for paths: `**` stands for any folders, `*` and `?` for characters within one name. */
export function globTest(pattern: string): (path: string) => boolean {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (part) => {
    if (part === '**/') return '(?:.*/)?'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    return `\\${part}`
  })
  const expression = new RegExp(`^${source}$`, 's')
  return (path) => expression.test(path)
}
