import { useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { useEffect, useState } from 'react'

/** Token values as the chart library needs them: it draws without CSS variables. */
export interface ChartColors {
  series: string[]
  /** The series' colours with enough contrast for text. */
  seriesText: string[]
  text: string
  muted: string
  line: string
  surface: string
  bar: string
  /** Least and most of a heatmap, the text on each, and the part of the most from which the second text reads better. */
  heat: [string, string]
  heatText: [string, string]
  heatTurn: number
  font: string
}

/** The current theme's colours; null until they can be read from the document. */
export function useChartColors(): ChartColors | null {
  const { colorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  const [colors, setColors] = useState<ChartColors | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the values that are read follow the colour scheme
  useEffect(() => {
    const style = getComputedStyle(document.documentElement)
    const token = (name: string) => style.getPropertyValue(name).trim()
    const numbers = [1, 2, 3, 4, 5, 6]
    setColors({
      series: numbers.map((n) => token(`--series-${n}`)),
      seriesText: numbers.map((n) => token(`--series-text-${n}`)),
      text: token('--text'),
      muted: token('--muted'),
      line: token('--line'),
      surface: token('--surface'),
      bar: token('--series-1'),
      heat: [token('--heat-least'), token('--heat-most')],
      heatText: [token('--text'), token('--heat-text')],
      heatTurn: Number(token('--heat-turn')),
      font: token('--font'),
    })
  }, [colorScheme, system])
  return colors
}
