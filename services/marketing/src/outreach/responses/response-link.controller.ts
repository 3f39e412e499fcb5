import { Controller, Get, Header, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '@quen/chassis';
import { answerPage, thanksPage } from '../links/links.service.js';
import { ResponsesService } from './responses.service.js';

/** What of the platform's reply this route needs. */
interface Reply {
  code(status: number): Reply;
  header(name: string, value: string): Reply;
}

const html = { content: { 'text/html': { schema: { type: 'string' as const } } } };

@ApiTags('links')
@Controller('r')
export class ResponseLinkController {
  constructor(private readonly responses: ResponsesService) {}

  /**
   * The link in a mail: asks the reader whether to answer. A visit counts as a click and as nothing else, since
   * scanners of mails follow links, too.
   */
  @Get(':token')
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiParam({ name: 'token', description: 'Signed token of the message.' })
  @ApiOkResponse({ description: 'A page with a button.', ...html })
  async askForAnswer(@Param('token') token: string): Promise<string> {
    return answerPage(await this.responses.visit(token));
  }

  /** Notes the reader's answer, once, and leads to the campaign's page, or thanks. The link itself is the proof. */
  @Post(':token')
  @HttpCode(200)
  @Public()
  @ApiParam({ name: 'token', description: 'Signed token of the message.' })
  @ApiOkResponse({ description: 'A word of thanks, where the campaign has no page.', ...html })
  @ApiResponse({ status: 303, description: "To the campaign's page." })
  async answerByLink(@Param('token') token: string, @Res({ passthrough: true }) reply: Reply): Promise<string> {
    const { landingUrl, language } = await this.responses.answer(token);
    reply.header('cache-control', 'no-store');
    if (landingUrl) {
      reply.code(303).header('location', landingUrl);
      return '';
    }
    reply.header('content-type', 'text/html; charset=utf-8');
    return thanksPage(language);
  }
}
