import {
  ArrowDownToLine,
  BedDouble,
  Biohazard,
  EarOff,
  EyeOff,
  Ghost,
  Heart,
  Link,
  type LucideIcon,
  Grab,
  Ban,
  Mountain,
  Sparkles,
  Zap,
} from 'lucide-react'

/** The conditions of the rules. Each other one shows its first letter. */
export const conditionIcons: Readonly<Record<string, LucideIcon>> = {
  blinded: EyeOff,
  charmed: Heart,
  deafened: EarOff,
  frightened: Ghost,
  grappled: Grab,
  incapacitated: Ban,
  invisible: Sparkles,
  paralyzed: Zap,
  petrified: Mountain,
  poisoned: Biohazard,
  prone: ArrowDownToLine,
  restrained: Link,
  stunned: Zap,
  unconscious: BedDouble,
}
