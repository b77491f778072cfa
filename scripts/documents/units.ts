// Units of systemd, as the documents print them: as far as they say what is to be run, and with which settings.

export type Unit = {
  /** `[Service]`, `[Timer]` … */
  sections: string[]
  environment: Record<string, string>
  /** ExecStart, then ExecStartPost. */
  commands: string[]
}

/** Throws at a line that is neither a section, a comment nor a setting. */
export function parseUnit(text: string): Unit {
  const unit: Unit = { sections: [], environment: {}, commands: [] }
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const section = /^\[(\w+)\]$/.exec(line)?.[1]
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    if (section) unit.sections.push(section)
    else if (name === 'Environment')
      for (const [, variable = '', setting = ''] of value.matchAll(/([A-Z_]+)=(\S+)/g))
        unit.environment[variable] = setting
    else if (name === 'ExecStart' || name === 'ExecStartPost') unit.commands.push(value.replaceAll('%%', '%'))
    else if (!name) throw new Error(`not a line of a unit: ${line}`)
  }
  return unit
}
