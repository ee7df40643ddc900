"""Speaks to `ecrlint lsp` by pytest-lsp, which knows what editors say of themselves, and checks each answer against
the protocol's own types. ECRLINT is the program, WORKSPACE a folder with the template of the example."""

import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

WORKSPACE = pathlib.Path(os.environ["WORKSPACE"])
TEMPLATE = WORKSPACE / "registry.yaml"
TEXT = TEMPLATE.read_text()
URI = TEMPLATE.as_uri()
DOCUMENT = types.TextDocumentIdentifier(uri=URI)


@pytest_lsp.fixture(
    params=["neovim", "visual-studio-code", "emacs"],
    config=ClientServerConfig(server_command=[os.environ["ECRLINT"], "lsp"]),
)
async def client(request, lsp_client: LanguageClient):
    capabilities = client_capabilities(request.param)
    folder = types.WorkspaceFolder(uri=WORKSPACE.as_uri(), name="example")
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    )
    yield
    await lsp_client.shutdown_session()


def position(what: str) -> types.Position:
    before = TEXT[: TEXT.index(what)]
    line = before.rpartition("\n")[2]
    return types.Position(line=before.count("\n"), character=len(line))


def text_at(at: types.Range) -> str:
    assert at.start.line == at.end.line
    return TEXT.splitlines()[at.start.line][at.start.character : at.end.character]


async def opened(client: LanguageClient, text: str = TEXT):
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri=URI, language_id="yaml", version=1, text=text)
        )
    )
    await client.wait_for_notification("textDocument/publishDiagnostics")
    return client.diagnostics[URI]


@pytest.mark.asyncio
async def test_a_finding_and_the_edit_that_ends_it(client: LanguageClient):
    found = await opened(client)
    scan = next(one for one in found if one.code == "scan-on-push" and text_at(one.range) == "false")
    assert scan.severity == types.DiagnosticSeverity.Error and scan.source == "ecrlint"
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(DOCUMENT, scan.range, types.CodeActionContext(diagnostics=[scan]))
    )
    [edit] = next(one for one in actions if "scan-on-push" in one.title).edit.changes[URI]
    assert "true" in edit.new_text


@pytest.mark.asyncio
async def test_what_is_told_of_a_policy(client: LanguageClient):
    await opened(client)
    at = position('"tagPatternList": ["v1.*"]')
    told = await client.text_document_hover_async(types.HoverParams(DOCUMENT, at))
    assert told.contents.kind == types.MarkupKind.Markdown
    for part in ["rule 2", "never acts", "what each rule", "after 180 days of", "█"]:
        assert part.lower() in told.contents.value.lower(), part


@pytest.mark.asyncio
async def test_who_may_do_what_above_a_policy(client: LanguageClient):
    await opened(client)
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(DOCUMENT))
    lines = [TEXT.splitlines()[one.range.start.line].strip() for one in lenses]
    assert lines == ["RepositoryPolicyText:", "RepositoryPolicyText:"]
    told = [one.command.title for one in lenses]
    assert told[0].startswith("push: nobody · pull: 1 account · ") and told[0].endswith(" · anyone: nothing")
    assert told[1] == "push: nobody · pull: anyone · anyone: pull"
    command = lenses[0].command
    answer = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
    )
    assert answer is None


@pytest.mark.asyncio
async def test_names_of_rules_in_an_ignore(client: LanguageClient):
    text = TEXT.replace("  Worker:\n", "  Worker: # ecrlint: ignore \n")
    await opened(client, text)
    line = text[: text.index("ignore")].count("\n")
    at = types.Position(line=line, character=len(text.splitlines()[line]))
    offered = await client.text_document_completion_async(types.CompletionParams(DOCUMENT, at))
    items = offered if isinstance(offered, list) else offered.items
    assert "scan-on-push" in [one.label for one in items]
