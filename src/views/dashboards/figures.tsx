import { addDays, monthsBetween } from '@/domain/format/dates'
import type { DashboardDefinition, Figure } from '@/store/dashboards/definition'
import type { DashboardFilter } from '@/store/dashboards/filter'
import type { DashboardData } from '@/store/dashboards/slice'
import { figureValue } from '@/store/dashboards/tile-model'
import { figureSql } from '@/store/dashboards/tile-sql'
import classes from './dashboards.module.css'
import { FigureCard, FigureText } from './figure-card'
import { figureText } from './naming'

interface FiguresProps {
  definition: DashboardDefinition
  data: DashboardData
  /** The pipeline's queries by name, with their business date. */
  queries: Map<string, string>
  filter: DashboardFilter
  currency: string | null
}

/** The dashboard's figures under the filter. */
export function Figures({ definition, data, queries, filter, currency }: FiguresProps) {
  return (
    <div className={classes.tiles} data-count={definition.figures.length}>
      {definition.figures.map((figure) => {
        const source = definition.sources[figure.source]
        const table = data.tables[figure.source]
        if (!source || !table) return null
        const { value, latest } = figureValue(figure, source, table, filter)
        return (
          <FigureCard
            key={figure.title}
            label={figure.title}
            value={<FigureText text={figureText(value, figure.measure.format, currency)} />}
            sql={figureSql(figure, source, queries.get(source.query) ?? '', filter, latest)}
            note={noteOf(figure, latest, data.asOf)}
            {...(figure.hint === undefined ? {} : { hint: figure.hint })}
          />
        )
      })}
    </div>
  )
}

/** The month that the figure is about, and whether it is over. */
function noteOf({ note, latest: dimension }: Figure, latest: string | null, asOf: string): string {
  if (!dimension) return note ?? ''
  if (latest === null) return 'no month in this selection'
  const next = monthsBetween(latest, addDays(latest, 31))[1] ?? latest
  return addDays(next, -1) > asOf ? `${latest.slice(0, 7)}, to ${asOf}` : latest.slice(0, 7)
}
