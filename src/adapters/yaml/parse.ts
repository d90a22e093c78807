import { parse, YAMLParseError } from 'yaml'
import type { ErrorData } from '@/domain/automation'

/** YAML 1.2 as plain values. Throws an Error whose cause is ErrorData with the place of the mistake. */
export function parseYaml(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const place = error instanceof YAMLParseError ? error.linePos?.[0] : undefined
    const [summary = error.message] = error.message.split('\n')
    const cause: ErrorData = {
      code: 'pipeline.yaml',
      message: summary.replace(/ at line \d+, column \d+:?$/, ''),
      remedy: 'Correct the YAML here.',
      ...(place ? { line: place.line, column: place.col } : {}),
    }
    throw new Error(cause.message, { cause })
  }
}
