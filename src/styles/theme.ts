import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const gold: MantineColorsTuple = [
  '#fbf3dd',
  '#f5e6bd',
  '#edd594',
  '#e6c46c',
  '#e2b44a',
  '#d09c26',
  '#b58311',
  '#9a6b00',
  '#7f5800',
  '#644500',
]

/** The design tokens of tokens.css, as Mantine's theme. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { gold },
  primaryColor: 'gold',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '24px', xl: '28px' },
  defaultRadius: '7px',
  radius: { xs: '4px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: {
      defaultProps: { size: 'xs' },
      styles: { root: { fontSize: '13px', height: '30px', fontWeight: 600 } },
      // Mantine takes the text colour of a filled button from the light theme's shade: on the dark theme's gold it is unreadable.
      vars: (_theme: unknown, { variant = 'filled' }: { variant?: string }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--gold-on-fill)' } : {},
      }),
    },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, multiline: true, maw: 340, position: 'bottom' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' }, styles: { label: { paddingInline: '10px' } } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Radio: { styles: { description: { fontSize: '12px', lineHeight: '16px', color: 'var(--muted)' } } },
    Tabs: { defaultProps: { keepMounted: false } },
    // Escape is heard where the focus is: a popover that does not take it cannot be closed by it.
    Popover: { defaultProps: { shadow: 'md', withinPortal: true, trapFocus: true, returnFocus: true } },
  },
})

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--muted)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-placeholder': 'var(--muted)',
    '--mantine-color-anchor': 'var(--gold)',
    '--mantine-color-gold-filled': 'var(--gold-fill)',
    '--mantine-primary-color-filled': 'var(--gold-fill)',
    '--mantine-primary-color-contrast': 'var(--gold-on-fill)',
  }
  return { variables: {}, light: shared, dark: shared }
}
