// Lays screenshots of two pages side by side, each with its caption, as the frames of a moving picture.
import type { Page } from '@playwright/test'

const FRAME = { width: 1_200, height: 628 }

const captions = ['The DM’s console', 'A player’s phone']

export type Frames = {
  /** Takes a frame of both pages as they are now. */
  add(milliseconds: number): Promise<void>
  readonly pictures: Buffer[]
  /** Milliseconds of each picture. */
  readonly delays: number[]
}

/** `canvas`: a page of its own, which draws the frames. */
export async function framePage(canvas: Page, shown: readonly Page[]): Promise<Frames> {
  await canvas.setViewportSize(FRAME)
  const pictures: Buffer[] = []
  const delays: number[] = []
  return {
    pictures,
    delays,
    async add(milliseconds) {
      const shots = await Promise.all(shown.map((page) => page.screenshot({ animations: 'disabled', caret: 'hide' })))
      await canvas.setContent(pageOf(shots))
      await canvas.evaluate(() =>
        Promise.all([...document.images].map((image) => image.decode())).then(() => undefined),
      )
      pictures.push(await canvas.screenshot())
      delays.push(milliseconds)
    },
  }
}

const pageOf = (shots: readonly Buffer[]): string => `<!doctype html>
<style>
  body { display: flex; justify-content: center; gap: 20px; height: 100vh; margin: 0; padding: 14px 0; box-sizing: border-box; background: #26221e; }
  figure { display: flex; flex-direction: column; gap: 8px; margin: 0; }
  img { height: 566px; border: 2px solid #4a423a; border-radius: 12px; }
  figcaption { color: #d9cfc3; font: 500 17px/1.3 Inter, system-ui, sans-serif; text-align: center; }
</style>
${shots.map((shot, place) => `<figure><img src="data:image/png;base64,${shot.toString('base64')}"><figcaption>${captions[place]}</figcaption></figure>`).join('')}`
