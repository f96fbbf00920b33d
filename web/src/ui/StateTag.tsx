import './page.css';

/** good: done; busy: on its way; warn: somebody should look; bad: failed; plain: nothing to say. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain';

/** A state in words, with a dot of its colour. */
export function StateTag(props: { tone: Tone; text: string; title?: string }) {
  return (
    <span className={`state state-${props.tone}`} title={props.title}>
      {props.text}
    </span>
  );
}
