/**
 * What a value of the configuration must be, said by a dataset that uses it: the property
 * `pipeline.configuration.<name>` = 'integer from 1 to 12' (or 'number from 0 to 1', 'date from 1900-01-01 to 2099-12-31'). A
 * property, because the settings file of Spark knows no such key, and an expectation would be judged only after the rows were
 * built.
 */
import type { ErrorData } from '@/domain/automation'
import { isIsoDate } from '@/domain/format/dates'
import { nearestName } from './nearest'
import type { Dataset } from './project'

const PREFIX = 'pipeline.configuration.'
const RULE = /^(integer|number|date) from (\S+) to (\S+)$/
const BOUND = /^-?\d+(\.\d+)?$/
const WRITTEN = { integer: /^-?\d+$/, number: BOUND }

interface Rule {
  /** Name of the configuration value. */
  name: string
  /** As declared. */
  text: string
  dataset: Dataset
}

/** Rules that cannot be read, or are about a value that does not exist. */
export function ruleProblems(
  datasets: readonly Dataset[],
  configuration: Readonly<Record<string, string>>,
): ErrorData[] {
  return rulesOf(datasets).flatMap(({ name, text, dataset }) => {
    const { file, position } = dataset
    const place = { file, line: position.line, column: position.column }
    if (testOf(text) === null) {
      return {
        code: 'pipeline.invalid_value',
        message: `${file}: ${PREFIX}${name} is '${text.slice(0, 80)}', which is no rule for a value.`,
        remedy: "Write it like 'integer from 1 to 12', 'number from 0 to 1' or 'date from 1900-01-01 to 2099-12-31'.",
        ...place,
      }
    }
    if (Object.hasOwn(configuration, name)) return []
    const nearest = nearestName(name, Object.keys(configuration))
    return {
      code: 'pipeline.unknown_configuration',
      message: `${file}: the configuration has no value named '${name.slice(0, 80)}'`,
      remedy: nearest === null ? 'Add it to configuration in spark-pipeline.yml.' : `Did you mean ${nearest}?`,
      ...place,
    }
  })
}

/** The values that a dataset cannot work with. `placeOf` says where a value is written; without it the rule's file is named. */
export function valueProblems(
  datasets: readonly Dataset[],
  values: Readonly<Record<string, string>>,
  placeOf?: (name: string) => Pick<ErrorData, 'file' | 'line'>,
): ErrorData[] {
  return rulesOf(datasets).flatMap(({ name, text, dataset }) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined || testOf(text)?.(value) !== false) return []
    const place = placeOf?.(name) ?? { file: dataset.file }
    return {
      code: 'pipeline.configuration_value',
      message: `${place.file}: ${name} is '${value.slice(0, 80)}', but ${dataset.name} takes only: ${text}.`,
      remedy: `Correct the configuration value ${name}: ${text}.`,
      ...place,
    }
  })
}

function rulesOf(datasets: readonly Dataset[]): Rule[] {
  return datasets.flatMap((dataset) =>
    Object.entries(dataset.properties)
      .filter(([key]) => key.startsWith(PREFIX))
      .map(([key, text]) => ({ name: key.slice(PREFIX.length), text, dataset })),
  )
}

/** Tells whether a value keeps the rule; null when the rule cannot be read. */
function testOf(text: string): ((value: string) => boolean) | null {
  const [, kind, low = '', high = ''] = RULE.exec(text) ?? []
  if (kind === 'date' && isIsoDate(low) && isIsoDate(high)) {
    // Dates of this form are in order as text.
    return (value) => isIsoDate(value) && value >= low && value <= high
  }
  if ((kind !== 'integer' && kind !== 'number') || !BOUND.test(low) || !BOUND.test(high)) return null
  return (value) => WRITTEN[kind].test(value) && Number(value) >= Number(low) && Number(value) <= Number(high)
}
