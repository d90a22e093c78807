import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight'
import { IconBox, IconDatabaseImport, IconPlayerPlay, IconWand, IconX } from '@tabler/icons-react'
import { formatCount } from '@/domain/format/number'
import { onlineRetail } from '@/store/online-retail'
import { whyNotRun } from '@/store/run'
import { useActions, useGoldsmith } from '@/views/store-context'
import { runKinds } from './run-kinds'
import { useOtherTheme } from './theme-toggle'

/** Order lines of the sample that the palette generates; Sources offers other sizes. */
const sampleLines = 100_000

/** What can be done from anywhere. */
export function useActs(): SpotlightActionGroupData {
  const { navigate, loadOnlineRetail, loadSample } = useActions()
  const loading = useGoldsmith((state) => state.sources.activity !== null)
  const { label, icon: ThemeIcon, choose } = useOtherTheme()
  const runs = useRunActs()
  const load = (work: () => Promise<unknown>) => () => {
    navigate({ view: 'sources' })
    // What went wrong is shown as a notice by the store.
    work().catch(() => undefined)
  }
  const samples: SpotlightActionData[] = loading
    ? []
    : [
        {
          id: 'online retail',
          label: 'Load Online Retail',
          description: `${formatCount(onlineRetail.orderLines)} real order lines, shipped with this page`,
          keywords: ['sample', 'data'],
          leftSection: <IconDatabaseImport size={16} />,
          onClick: load(loadOnlineRetail),
        },
        {
          id: 'generated sample',
          label: 'Generate a sample',
          description: `${formatCount(sampleLines)} order lines; Sources has other sizes`,
          keywords: ['load', 'data'],
          leftSection: <IconWand size={16} />,
          onClick: load(() => loadSample({ lines: sampleLines })),
        },
      ]
  return {
    group: 'Actions',
    actions: [
      ...runs,
      ...samples,
      {
        id: 'export',
        label: 'Export Gold',
        description: 'Delta, Parquet or CSV in a zip',
        keywords: ['download', 'save'],
        leftSection: <IconBox size={16} />,
        onClick: () => navigate({ view: 'export' }),
      },
      { id: 'theme', label, keywords: ['theme'], leftSection: <ThemeIcon size={16} />, onClick: choose },
    ],
  }
}

/** The ways to run, or Cancel. When no update may start Run says why, and leads to where that is mended. */
function useRunActs(): SpotlightActionData[] {
  const { runPipeline, cancelRun, navigate } = useActions()
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  const reason = useGoldsmith(whyNotRun)
  const route = useGoldsmith((state) => state.route)
  if (running) {
    return [
      {
        id: 'cancel',
        label: 'Cancel the update',
        keywords: ['run', 'stop'],
        leftSection: <IconX size={16} />,
        onClick: cancelRun,
      },
    ]
  }
  const run: SpotlightActionData = {
    id: 'run',
    label: 'Run the pipeline',
    keywords: ['update', 'build'],
    leftSection: <IconPlayerPlay size={16} />,
    ...(reason === null ? {} : { description: `Not now. ${reason}` }),
    onClick: () => {
      navigate(reason === null ? { view: 'pipeline', dataset: null } : { view: 'sources' })
      if (reason === null) void runPipeline()
    },
  }
  if (reason !== null) return [run]
  const others = runKinds(route).map(({ id, label, description, options }) => ({
    id: `run ${id}`,
    label,
    description,
    keywords: ['update', 'run'],
    leftSection: <IconPlayerPlay size={16} />,
    onClick: () => {
      if (route.view !== 'pipeline') navigate({ view: 'pipeline', dataset: null })
      void runPipeline(options)
    },
  }))
  return [run, ...others]
}
