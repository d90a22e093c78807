import { MantineProvider } from '@mantine/core'
import type { GoldsmithStore } from '@/store/store'
import { cssVariables, theme } from '@/styles/theme'
import { Shell } from './shell/shell'
import { StoreProvider } from './store-context'

export function App({ store }: { store: GoldsmithStore }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <StoreProvider store={store}>
        <Shell />
      </StoreProvider>
    </MantineProvider>
  )
}
