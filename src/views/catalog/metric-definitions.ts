export interface MetricDefinition {
  name: string
  definition: string
}

/** The property `metric_definitions`, "name: definition; name: definition". A part without a name defines what stands before it. */
export function metricDefinitions(text: string | undefined): MetricDefinition[] {
  const metrics: MetricDefinition[] = []
  for (const part of (text ?? '').split(';')) {
    const [, name, definition] = /^\s*([\w ]+?)\s*:\s*([\s\S]+?)\s*$/.exec(part) ?? []
    const last = metrics.at(-1)
    if (name !== undefined && definition !== undefined) metrics.push({ name, definition })
    else if (last !== undefined && part.trim() !== '') last.definition += `; ${part.trim()}`
  }
  return metrics
}
