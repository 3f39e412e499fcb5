import { Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '@quen/chassis';
import { unsubscribedPage, unsubscribePage } from '../links/links.service.js';
import { MessagesService } from './messages.service.js';

const html = { content: { 'text/html': { schema: { type: 'string' as const } } } };

@ApiTags('links')
@Controller('u')
export class UnsubscribeController {
  constructor(private readonly messages: MessagesService) {}

  /** Asks the reader of a mail whether to unsubscribe; the link itself is the proof. */
  @Get(':token')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiParam({ name: 'token', description: 'Signed token of the message.' })
  @ApiOkResponse({ description: 'A page with a button.', ...html })
  async askToUnsubscribe(@Param('token') token: string): Promise<string> {
    return unsubscribePage(await this.messages.unsubscribeLanguage(token));
  }

  /** Unsubscribes; also what mail programs call on one click (RFC 8058). */
  @Post(':token')
  @HttpCode(200)
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiParam({ name: 'token', description: 'Signed token of the message.' })
  @ApiOkResponse({ description: 'A page that confirms.', ...html })
  async unsubscribe(@Param('token') token: string): Promise<string> {
    return unsubscribedPage(await this.messages.unsubscribe(token));
  }
}
