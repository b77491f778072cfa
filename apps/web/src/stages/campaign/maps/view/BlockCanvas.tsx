import { type Fog, isRevealed } from '@tablecast/maps/fog'
import { useEffect, useRef } from 'react'

type Props = {
  fog: Fog
  /** The share of light that is taken from a block that is not in the fog's bits, 0 to 1. */
  darkness: number
  label: string
}

/** Darkens the blocks of a map whose bit is 0: one pixel a block, which the browser enlarges. */
export function BlockCanvas({ fog, darkness, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    const picture = context.createImageData(fog.columns, fog.rows)
    const alpha = Math.round(darkness * 255)
    for (let row = 0; row < fog.rows; row++)
      for (let column = 0; column < fog.columns; column++) {
        if (isRevealed(fog, column, row)) continue
        const at = (row * fog.columns + column) * 4
        picture.data.set([24, 21, 19, alpha], at)
      }
    context.putImageData(picture, 0, 0)
  }, [fog, darkness])
  const { columns, rows, size } = fog
  // Blocks at the right and lower edge reach over the picture.
  const style = { width: `${((columns * 16) / size.width) * 100}%`, height: `${((rows * 16) / size.height) * 100}%` }
  return <canvas ref={canvas} width={columns} height={rows} data-testid={label} className="map-blocks" style={style} />
}
