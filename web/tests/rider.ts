/** A rider, who has an app of her own: tests speak JSON-RPC for her. */
import type { Order, Place, Tokens } from '../src/api/methods';
import { call } from './asking';
import { type Company, expect } from './story';

/** How long an order may take from one state to the next. */
const NEXT_STATE_MS = 180_000;

export class Rider {
  private readonly company: Company;
  private readonly token: string;

  private constructor(company: Company, token: string) {
    this.company = company;
    this.token = token;
  }

  /** Somebody new with a company. */
  static async register(company: Company): Promise<Rider> {
    const name = `rider-${Date.now().toString(36)}`;
    const tokens = await call<Tokens>(company, 'auth_register', { name, password: `${name}-${name}` });
    return new Rider(company, tokens.access_token);
  }

  /** Asks for a price and places the order. */
  async order(origin: Place, destination: Place): Promise<string> {
    const wish = { origin, destination, class: 'economy' };
    const { id } = await this.command('rider_quote', wish);
    await this.command('rider_place', { order: id });
    return id;
  }

  async cancel(order: string): Promise<void> {
    await this.command('rider_cancel', { order });
  }

  /** The four digits that she tells the driver. */
  async startCode(order: string): Promise<string> {
    const { start_code: code } = await this.look(order);
    if (code == null) throw new Error(`order ${order} has no start code`);
    return code;
  }

  /** Waits until the order is in this state. */
  async sees(order: string, state: NonNullable<Order['state']>): Promise<void> {
    await expect
      .poll(async () => (await this.look(order)).state, { timeout: NEXT_STATE_MS, message: `order ${order}` })
      .toBe(state);
  }

  private look(order: string): Promise<Order> {
    return call(this.company, 'rider_order', { order }, this.token);
  }

  private command(method: string, params: object): Promise<Order> {
    const key = crypto.randomUUID();
    return call(this.company, method, { ...params, idempotency_key: key }, this.token);
  }
}
