const radius = 40;
const round = 2 * Math.PI * radius;

/** A ring that becomes shorter, with the seconds in it. `share` is what is left, from 1 to 0. */
export function Ring(props: { share: number; text: string; label: string }) {
  const { share, text, label } = props;
  return (
    <svg
      className={share < 0.34 ? 'd-ring d-ring-soon' : 'd-ring'}
      viewBox="0 0 96 96"
      role="timer"
      aria-label={label}
    >
      <circle cx="48" cy="48" r={radius} className="d-ring-whole" />
      <circle
        cx="48"
        cy="48"
        r={radius}
        className="d-ring-left"
        strokeDasharray={`${round * share} ${round}`}
        transform="rotate(-90 48 48)"
      />
      <text x="48" y="48" textAnchor="middle" dominantBaseline="central">
        {text}
      </text>
    </svg>
  );
}
