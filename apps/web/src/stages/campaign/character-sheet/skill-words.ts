import type { SkillName } from '@tablecast/bestiary/skills'

/** “Sleight of hand”. */
export const skillInWords = (skill: SkillName): string => skill.charAt(0).toUpperCase() + skill.slice(1)
