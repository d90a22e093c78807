/** Levenshtein distance: how many characters have to be inserted, removed or replaced. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

/** The candidate nearest to the name, when it is near enough to be a slip: a third of its length, or the same without schema. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.toLowerCase().slice(0, 200)
  let best: { candidate: string; distance: number } | null = null
  for (const candidate of candidates) {
    const sameTable = candidate.split('.').at(-1) === wanted.split('.').at(-1)
    const distance = sameTable ? 0.5 : editDistance(wanted, candidate.toLowerCase().slice(0, 200))
    if (distance <= Math.max(1, wanted.length / 3) && (best === null || distance < best.distance)) {
      best = { candidate, distance }
    }
  }
  return best?.candidate ?? null
}
