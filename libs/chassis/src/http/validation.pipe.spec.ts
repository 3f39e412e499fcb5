import { Type } from 'class-transformer';
import {
  IsArray,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { Problem } from '@quen/messaging';
import { documentOf } from '../problems/problem-document.js';
import { MaxDecimals, MayBeOmitted, PatchOf } from './body-decorators.js';
import { refuseInsteadOfThrowing } from './check-bodies.js';
import { says } from './fault-texts.js';
import { QuenValidationPipe } from './validation.pipe.js';

class Target {
  @IsNumber() @Min(1) minutes!: number;
}

class Part {
  @IsString() label!: string;
  @ValidateNested() @Type(() => Target) target!: Target;
}

class Body {
  @IsString() @Matches(/\S/) @MaxLength(5) name!: string;
  @ValidateNested() @Type(() => Target) target!: Target;
  @MayBeOmitted() @IsArray() @ValidateNested({ each: true }) @Type(() => Part) parts?: Part[];
  @MayBeOmitted() @IsNumber({ maxDecimalPlaces: 5 }) share?: number;
  @MayBeOmitted() @IsNumber() @MaxDecimals(5) rate?: number;
  @MayBeOmitted() @Matches(/^[a-z]+$/, says('must be lower case', 'phải viết thường')) code?: string;
  @IsOptional() @IsUUID() ownerId?: string | null;
  @MayBeOmitted()
  @ValidateBy({
    name: 'breaks',
    validator: {
      validate: (value: { no: { such: string } }) => value.no.such.length > 0,
      defaultMessage: () => '$property is broken',
    },
  })
  odd?: string;
}

class Patch extends PatchOf(Body) {}

const target = { minutes: 1 };

async function errorsOf(
  value: unknown,
  language: 'vi' | 'en' = 'en',
  metatype: new () => object = Body,
): Promise<string[]> {
  try {
    await new QuenValidationPipe().transform(value, { type: 'body', metatype });
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (documentOf(error, language, '/').errors ?? []).map(
      ({ pointer, code, message }) => `${pointer} ${code}: ${message}`,
    );
  }
}

describe('the check of bodies', () => {
  beforeAll(() => refuseInsteadOfThrowing());

  it.each<[string, object, string[]]>([
    ['a nested part that is not there', { name: 'x' }, ['/target required: is required']],
    ['a nested part that is null', { name: 'x', target: null }, ['/target nested_validation: must be a JSON object']],
    [
      'a nested part of a part that is not there',
      { name: 'x', target, parts: [{ label: 'y' }] },
      ['/parts/0/target required: is required'],
    ],
    ['null in a list', { name: 'x', target, parts: [null] }, [expect.stringContaining('/parts/0 ') as string]],
    ['a list in a list', { name: 'x', target, parts: [[]] }, ['/parts/0 object_expected: must be a JSON object']],
    [
      'a number with an exponent where decimals are counted',
      { name: 'x', target, share: 1e-7 },
      [expect.stringContaining('/share is_number') as string],
    ],
    [
      'decimals behind an exponent',
      { name: 'x', target, rate: 1.5e-7 },
      ['/rate max_decimals: must have at most 5 decimals'],
    ],
    ['what a check stumbles over', { name: 'x', target, odd: 'y' }, ['/odd breaks: is broken']],
    [
      'a name that every object has',
      { name: 'x', target, hasOwnProperty: 1 },
      ['/hasOwnProperty reserved_name: is a name that is not accepted'],
    ],
    [
      'a constructor',
      { name: 'x', target, constructor: 1 },
      ['/constructor reserved_name: is a name that is not accepted'],
    ],
    [
      'a constructor in a part',
      { name: 'x', target: { constructor: { name: 'y' } } },
      ['/target/constructor reserved_name: is a name that is not accepted'],
    ],
  ])('refuses %s', async (_what, body, errors) => {
    expect(await errorsOf(body)).toEqual(errors);
  });

  it('takes what is right', async () => {
    expect(
      await errorsOf({
        name: 'x',
        target,
        parts: [{ label: 'y', target }],
        share: 0.25,
        rate: 1e-5,
        code: 'abc',
        ownerId: null,
      }),
    ).toEqual([]);
  });

  it("says it in the caller's language, and never as a regular expression", async () => {
    const wrong = { name: '  ', target: { minutes: 0 }, code: 'A', parts: 5, surprise: 1 };
    expect((await errorsOf(wrong)).sort()).toEqual(
      expect.arrayContaining([
        '/code matches: must be lower case',
        '/name matches: must not be blank',
        '/surprise unknown_field: is not known here',
      ]),
    );
    expect((await errorsOf(wrong, 'vi')).sort()).toEqual([
      '/code matches: phải viết thường',
      '/name matches: không được để trống',
      '/parts is_array: phải là danh sách',
      '/surprise unknown_field: không có trường này',
      '/target/minutes min: không được nhỏ hơn 1',
    ]);
    expect(await errorsOf({ target }, 'vi')).toEqual(['/name required: là bắt buộc']);
  });

  it('lets a merge patch leave out anything, and clear only what takes null', async () => {
    expect(await errorsOf({}, 'en', Patch)).toEqual([]);
    expect(await errorsOf({ ownerId: null }, 'en', Patch)).toEqual([]);
    const refused = await errorsOf(
      { name: null, target: null, parts: null, share: null, rate: null, code: null, odd: null },
      'en',
      Patch,
    );
    expect(new Set(refused.map((error) => error.split(' ')[0]))).toEqual(
      new Set(['/code', '/name', '/odd', '/parts', '/rate', '/share', '/target']),
    );
  });
});
