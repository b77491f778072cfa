/**
 * Groups of files that import each other, in a circle of any length. Each group is sorted by name, and so are the groups.
 * Tarjan's algorithm for strongly connected components (https://doi.org/10.1137/0201010).
 */
export function cyclesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const order = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()

  /** Returns the earliest file of the stack that `file` reaches, as its number in `order`. */
  const visit = (file: string): number => {
    const number = order.size
    order.set(file, number)
    stack.push(file)
    onStack.add(file)
    let earliest = number
    for (const target of imports.get(file) ?? []) {
      const known = order.get(target)
      if (known === undefined) earliest = Math.min(earliest, visit(target))
      else if (onStack.has(target)) earliest = Math.min(earliest, known)
    }
    if (earliest < number) return earliest
    const group = stack.splice(stack.indexOf(file))
    for (const member of group) onStack.delete(member)
    if (group.length > 1 || imports.get(file)?.includes(file)) cycles.push(group.toSorted())
    return earliest
  }

  for (const file of imports.keys()) if (!order.has(file)) visit(file)
  return cycles.toSorted(([a = ''], [b = '']) => a.localeCompare(b))
}
