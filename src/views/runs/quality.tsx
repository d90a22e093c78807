import { useEffect, useMemo } from 'react'
import { Tag } from '@/components/tag'
import { qualityOf, type RuleStatus } from '@/store/runs/trends'
import { useActions, useGoldsmith } from '@/views/store-context'
import { QualityTables } from '@/views/table-quality'
import { useVersions } from '@/views/use-versions'
import { Loaded } from './loaded'
import { NothingYet } from './nothing-yet'
import classes from './runs.module.css'
import { useDatasets, useTableHref } from './use-tables'

const order: Record<RuleStatus, number> = { fail: 0, unknown: 1, pass: 2 }

/** What the rules of each table found over the updates, those first whose rows failed one. */
export function Quality() {
  const history = useGoldsmith((state) => state.runs.quality)
  const versions = useVersions('pipeline.event_log', 'pipeline.quality')
  const datasets = useDatasets()
  const hrefOfTable = useTableHref()
  const { loadQuality } = useActions()
  // biome-ignore lint/correctness/useExhaustiveDependencies: other versions have other results
  useEffect(() => void loadQuality(), [loadQuality, versions])
  const tables = useMemo(() => {
    if (history.status !== 'ready') return []
    const declared = new Map(datasets.map(({ name, expectations }) => [name, expectations]))
    const names = new Set([...declared.keys(), ...history.value.expectations.keys(), ...history.value.rules.keys()])
    return [...names]
      .map((name) => qualityOf(name, declared.get(name) ?? [], history.value))
      .filter(({ expectations, rules }) => expectations.length + rules.length > 0)
      .toSorted((a, b) => order[a.status] - order[b.status] || (a.dataset < b.dataset ? -1 : 1))
  }, [history, datasets])

  return (
    <Loaded value={history} subject="pipeline.event_log and pipeline.quality" onRetry={() => void loadQuality()}>
      {() =>
        tables.length === 0 ? (
          <NothingYet
            title="No rules"
            text="Expectations and quality rules that a dataset declares are shown here with what they found over its updates."
          />
        ) : (
          <div className={classes.cards}>
            {tables.map((quality) => (
              <section key={quality.dataset} className="card" aria-label={quality.dataset}>
                <div className={classes.cardHead}>
                  <a className="mono" href={hrefOfTable(quality.dataset)}>
                    {quality.dataset}
                  </a>
                  <StatusTag status={quality.status} />
                </div>
                <QualityTables quality={quality} />
              </section>
            ))}
          </div>
        )
      }
    </Loaded>
  )
}

function StatusTag({ status }: { status: RuleStatus }) {
  switch (status) {
    case 'pass':
      return <Tag tone="ok">all passed</Tag>
    case 'fail':
      return <Tag tone="warning">rules failed</Tag>
    case 'unknown':
      return <Tag>not all known</Tag>
  }
}
