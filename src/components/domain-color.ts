const known: Record<string, string> = {
  silver: 'var(--silver)',
  gold: 'var(--domain-gold)',
  gold_common: 'var(--domain-common)',
  gold_finance: 'var(--series-1)',
  gold_marketing: 'var(--series-4)',
  gold_product: 'var(--series-3)',
  gold_features: 'var(--series-6)',
  pipeline: 'var(--idle)',
}

/** The colour of a schema (a domain), the same everywhere; a schema of one's own gets one of the series' colours. */
export function domainColor(schema: string): string {
  const color = known[schema]
  if (color !== undefined) return color
  let hash = 0
  for (const character of schema) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 6
  return `var(--series-${hash + 1})`
}

/** "gold.fact_sales" → ["gold", "fact_sales"]; a name without a schema has an empty one. */
export function splitName(name: string): [schema: string, table: string] {
  const dot = name.indexOf('.')
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)]
}
