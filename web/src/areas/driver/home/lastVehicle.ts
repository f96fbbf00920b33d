// The vehicle that a driver took last on this phone.
const keyOf = (driver: number) => `smartlink.driver.vehicle.${driver}`;

export function lastVehicle(driver: number): string | null {
  const kept = window.localStorage.getItem(keyOf(driver));
  return kept !== null && /^\d{1,10}$/.test(kept) ? kept : null;
}

export function rememberVehicle(driver: number, vehicle: string): void {
  window.localStorage.setItem(keyOf(driver), vehicle);
}
