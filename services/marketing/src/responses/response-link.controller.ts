import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '@quen/chassis';
import { thanksPage } from '../links/links.service.js';
import { ResponsesService } from './responses.service.js';

/** What of the platform's reply this route needs. */
interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
}

@ApiTags('links')
@Controller('r')
export class ResponseLinkController {
  constructor(private readonly responses: ResponsesService) {}

  /** The link in a mail: notes the answer and leads to the campaign's page, or thanks. The link itself is the proof. */
  @Get(':token') @Public()
  @ApiParam({ name: 'token', description: 'Signed token of the message.' })
  @ApiOkResponse({ description: 'A word of thanks, where the campaign has no page.', content: { 'text/html': { schema: { type: 'string' } } } })
  @ApiFoundResponse({ description: 'To the campaign\'s page.' })
  async followResponseLink(@Param('token') token: string, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    const { landingUrl, language } = await this.responses.follow(token);
    reply.header('cache-control', 'no-store');
    if (landingUrl) {
      reply.code(302).header('location', landingUrl);
      return '';
    }
    reply.header('content-type', 'text/html; charset=utf-8');
    return thanksPage(language);
  }
}
