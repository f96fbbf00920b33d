// Set up once before each file of unit tests.
export {};
