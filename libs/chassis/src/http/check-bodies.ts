import { createRequire } from 'node:module';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { DiscoveryService } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import { controllersOf } from '../access/check-access.js';
import { constraintsOf, hasWords, nameOf } from './fault-texts.js';

type Class = new (...args: never[]) => object;

/** Where class-transformer keeps the types of nested fields; it exports no way to ask. */
const { defaultMetadataStorage: types } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: {
    findTypeMetadata(target: Class, property: string): { typeFunction?: () => unknown } | undefined;
  };
};

/** The classes that bodies and query strings are read into, those of nested fields among them. */
export function bodiesOf(discovery: DiscoveryService): Class[] {
  const found = new Set<Class>();
  const add = (type: unknown): void => {
    if (typeof type !== 'function' || found.has(type as Class)) return;
    const constraints = constraintsOf(type as Class);
    if (!constraints.length) return;
    found.add(type as Class);
    for (const { propertyName, type: kind } of constraints)
      if (kind === 'nestedValidation') add(types.findTypeMetadata(type as Class, propertyName)?.typeFunction?.());
  };
  for (const controller of controllersOf(discovery)) {
    for (const name of Object.getOwnPropertyNames(controller.prototype)) {
      const declared = Object.entries(
        (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { index: number }>,
      );
      const parameters = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) ??
        []) as unknown[];
      for (const [key, { index }] of declared)
        if ([RouteParamtypes.BODY, RouteParamtypes.QUERY].some((kind) => key.startsWith(`${kind}:`)))
          add(parameters[index]);
    }
  }
  return [...found];
}

/**
 * Refuses to start a service that would answer a wrong field with a regular expression, or in English only.
 * @throws Error naming every constraint of a body that has no text in both languages
 */
export function checkBodies(discovery: DiscoveryService): void {
  const silent = bodiesOf(discovery).flatMap((type) =>
    constraintsOf(type)
      .filter(
        (constraint) =>
          constraint.type !== 'conditionalValidation' &&
          constraint.type !== 'whitelistValidation' &&
          !hasWords(nameOf(constraint), constraint),
      )
      .map(
        (constraint) =>
          `${type.name}.${constraint.propertyName}: ${nameOf(constraint)} has no text in both languages: add says('…', '…') to its decorator`,
      ),
  );
  if (silent.length) throw new Error(`The service does not start:\n${silent.map((each) => `  - ${each}`).join('\n')}`);
}

/**
 * Makes every check of class-validator refuse what it stumbles over. A check that throws has not passed, and the answer
 * then points at the field.
 */
export function refuseInsteadOfThrowing(): void {
  const { constraintMetadatas } = getMetadataStorage() as unknown as {
    constraintMetadatas: ReadonlyMap<unknown, readonly { instance: Check }[]>;
  };
  for (const { instance } of [...constraintMetadatas.values()].flat()) {
    if (guarded.has(instance)) continue;
    guarded.add(instance);
    const { validate, defaultMessage } = instance;
    instance.validate = (...args) => tried(() => validate.apply(instance, args), false);
    instance.defaultMessage = (...args) => tried(() => defaultMessage?.apply(instance, args) ?? '', '');
  }
}

interface Check {
  validate(...args: unknown[]): unknown;
  defaultMessage?(...args: unknown[]): string;
}

const guarded = new WeakSet<Check>();

function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
