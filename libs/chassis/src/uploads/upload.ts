import '@fastify/multipart';
import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readsBody } from '../http/unread-body.interceptor.js';
import { fileMissing, malformedRequest, unsupportedMediaType } from '../problems/problems.js';

/** A file that was uploaded as `multipart/form-data`, with the form's other fields. */
export interface UploadedFile {
  readonly filename: string;
  readonly mimetype: string;
  readonly buffer: Buffer;
  readonly fields: Readonly<Record<string, string>>;
}

const uploads = new WeakMap<object, Promise<UploadedFile>>();

/**
 * Reads the one file of a form into memory; a second call gives the same.
 * @throws Problem unsupported_media_type, malformed_request, file_missing or file_too_large
 */
export function readUpload(request: FastifyRequest): Promise<UploadedFile> {
  let upload = uploads.get(request);
  if (!upload) uploads.set(request, (upload = read(request)));
  return upload;
}

async function read(request: FastifyRequest): Promise<UploadedFile> {
  if (!request.isMultipart()) throw unsupportedMediaType();
  const fields: Record<string, string> = {};
  let file: Omit<UploadedFile, 'fields'> | undefined;
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') fields[part.fieldname] = String(part.value);
      else file = { filename: part.filename, mimetype: part.mimetype, buffer: await part.toBuffer() };
    }
  } catch (error) {
    // The parser's own errors (no boundary, a form that breaks off) carry no code: they are the sender's. A limit that
    // was passed has one.
    throw error instanceof Error && 'code' in error ? error : malformedRequest();
  }
  if (!file || (!file.filename && !file.buffer.length)) throw fileMissing();
  return { ...file, fields };
}

@Injectable()
class UploadPipe implements PipeTransform<FastifyRequest, Promise<UploadedFile>> {
  transform(request: FastifyRequest): Promise<UploadedFile> {
    return readUpload(request);
  }
}

const wholeRequest = createParamDecorator((_: unknown, host: ExecutionContext): FastifyRequest =>
  host.switchToHttp().getRequest<FastifyRequest>(),
);

/**
 * The uploaded file of a `multipart/form-data` request (field `file`), limited by `UPLOAD_LIMIT_BYTES`. Other fields of
 * the form by name, for the document.
 */
export function MultipartFile(fields: Readonly<Record<string, string>> = {}): ParameterDecorator {
  return (target, method, index) => {
    if (method) {
      const descriptor = Object.getOwnPropertyDescriptor(target, method) as PropertyDescriptor;
      ApiConsumes('multipart/form-data')(target, method, descriptor);
      ApiBody({
        required: true,
        schema: {
          type: 'object',
          required: ['file'],
          properties: {
            file: { type: 'string', format: 'binary', description: 'The file.' },
            ...Object.fromEntries(
              Object.entries(fields).map(([name, description]) => [name, { type: 'string', description }]),
            ),
          },
        },
      })(target, method, descriptor);
      readsBody(target, method);
    }
    wholeRequest(UploadPipe)(target, method, index);
  };
}
