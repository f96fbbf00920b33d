import { Link } from '@tanstack/react-router';

export function Logo() {
  return (
    <Link to="/" className="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#1668dc" />
        <path d="M8 21c0-6 5-4 8-7s2-6 8-6" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
        <circle cx="8" cy="23" r="3" fill="#fff" />
        <circle cx="24" cy="8" r="3" fill="#fff" />
      </svg>
      <span className="logo-name">SmartLinkDrive</span>
    </Link>
  );
}
