import { usePartWhenLive } from '../use-later-part.ts'
import { loadScene } from './later-parts.ts'
import type { ShownScenePicture } from '@tablecast/contracts'
import { lookAt, SCENE } from './viewer/looking.ts'

/** Above the story: the picture of the scene behind its title. It has its height before the picture has loaded. */
export function SceneBanner({ scene, text }: { scene: ShownScenePicture | null | undefined; text: string }) {
  const { Part: ScenePicture } = usePartWhenLive(loadScene, Boolean(scene))
  if (!scene) return null
  const title = titleOfScene(text)
  return (
    <section aria-label="Scene" className="scene-banner">
      {ScenePicture && <ScenePicture scene={scene} />}
      <button
        type="button"
        data-command="Story"
        aria-label={`Look at the scene: ${scene.alt || title}`}
        className="absolute inset-0 -outline-offset-4"
        onClick={() => lookAt(SCENE)}
      />
      <h2 dir="auto">{title}</h2>
    </section>
  )
}

/** The first line of the scene, without the marks of Markdown. */
export const titleOfScene = (text: string): string =>
  (text.trim().split('\n', 1)[0] ?? '').replaceAll(/[*_#`]/g, '').trim()
