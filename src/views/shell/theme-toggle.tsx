import { ActionIcon, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { IconMoon, IconSun } from '@tabler/icons-react'

/** The other theme: its name, its icon and how to get there. */
export function useOtherTheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  const dark = (colorScheme === 'auto' ? system : colorScheme) === 'dark'
  const next = dark ? 'light' : 'dark'
  return {
    label: dark ? 'Light theme' : 'Dark theme',
    icon: dark ? IconSun : IconMoon,
    // Going back to what the system says means following it again.
    choose: () => setColorScheme(next === system ? 'auto' : next),
  }
}

export function ThemeToggle() {
  const { label, icon: Icon, choose } = useOtherTheme()
  return (
    <Tooltip label={label}>
      <ActionIcon size={30} aria-label={label} onClick={choose}>
        <Icon size={17} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  )
}
