/** A side of a die, from 1. Numbers that would make low sides more likely are drawn again. */
export function drawFair(sides: number): number {
  const box = new Uint32Array(1)
  const most = Math.floor(2 ** 32 / sides) * sides
  for (;;) {
    const [value = 0] = crypto.getRandomValues(box)
    if (value < most) return (value % sides) + 1
  }
}
