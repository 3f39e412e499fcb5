import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '@quen/chassis';
import { IssuerService } from './issuer.service.js';
import { RotateSigningKey } from './signing-keys.dto.js';

@ApiTags('Signing keys')
@Controller('signing-keys')
export class SigningKeysController {
  constructor(private readonly issuer: IssuerService) {}

  @Post()
  @HttpCode(204)
  @Allow('signing-key', 'create')
  @ApiOperation({
    summary: 'Rotate the signing key',
    description:
      'Makes a key that signs in an hour, shown at once; keys also rotate by themselves. When the present key has leaked, the new one signs at once and all tokens and sessions before end.',
  })
  async rotateSigningKey(@Body() body: RotateSigningKey): Promise<void> {
    await this.issuer.rotate(body.leaked ?? false);
  }
}
