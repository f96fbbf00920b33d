import { Link } from '@tanstack/react-router';
import { usePlates } from './useRoster';

/** A vehicle by its plate, with the way to its page. */
export function VehicleName({ id }: { id: number }) {
  const plate = usePlates();
  return (
    <Link to="/fleet/vehicles/$vehicle" params={{ vehicle: String(id) }} className="numbers">
      {plate(id)}
    </Link>
  );
}
