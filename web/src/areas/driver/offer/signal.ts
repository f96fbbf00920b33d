// How a phone calls its driver: a sound, and where it can, a shake.
import { settings } from '../me/settings';

let context: AudioContext | undefined;

/** Browsers let a page sound only after it was touched: called with a touch. */
export function allowSound(): void {
  if (typeof AudioContext === 'undefined') return;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume().catch(() => {});
}

/** Two tones, upwards. */
function chime(): void {
  if (context === undefined || context.state !== 'running') return;
  const begin = context.currentTime;
  for (const [at, hertz] of [
    [0, 660],
    [0.18, 880],
  ] as const) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, begin + at);
    volume.gain.exponentialRampToValueAtTime(0.3, begin + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + at + 0.16);
    tone.connect(volume).connect(context.destination);
    tone.start(begin + at);
    tone.stop(begin + at + 0.17);
  }
}

/** Calls once, as the driver set it. */
export function callDriver(): void {
  const { sound, vibration } = settings();
  if (sound) chime();
  if (vibration && 'vibrate' in navigator) navigator.vibrate([200, 100, 200]);
}
