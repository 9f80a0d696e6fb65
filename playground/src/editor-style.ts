import { pick, useGraphiQL, useMonaco } from "@graphiql/react";
import { useEffect } from "react";

const PALETTES = {
  light: {
    base: "vs",
    accent: "#0d7f76",
    background: "#ffffff",
    rules: {
      field: "0d7f76",
      keyword: "4f46e5",
      argument: "7c3aed",
      string: "b45309",
      number: "b91c5c",
      comment: "7b869c",
    },
  },
  dark: {
    base: "vs-dark",
    accent: "#2dd4bf",
    background: "#161d2b",
    rules: {
      field: "5eead4",
      keyword: "a5b4fc",
      argument: "c4b5fd",
      string: "fcd34d",
      number: "f9a8d4",
      comment: "74819c",
    },
  },
} as const;

/** Gives the editors our colours and a size at which an operation fits beside its answer. */
export function useEditorStyle(): void {
  useEditorColours();
  useEditorFont();
}

function useEditorFont(): void {
  const editors = useGraphiQL(pick("queryEditor", "variableEditor", "headerEditor", "responseEditor"));
  useEffect(() => {
    for (const editor of Object.values(editors)) editor?.updateOptions({ fontSize: 13, lineHeight: 19 });
  }, [editors]);
}

/** Redefines GraphiQL's own two themes, so switching between them keeps working. */
function useEditorColours(): void {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (!monaco) return;
    for (const [name, { base, accent, background, rules }] of Object.entries(PALETTES)) {
      monaco.editor.defineTheme(`graphiql-${name.toUpperCase()}`, {
        base,
        inherit: true,
        rules: [
          { token: "comment.gql", foreground: rules.comment, fontStyle: "italic" },
          { token: "keyword.gql", foreground: rules.keyword },
          { token: "key.identifier.gql", foreground: rules.field },
          { token: "argument.identifier.gql", foreground: rules.argument },
          { token: "type.identifier.gql", foreground: rules.keyword },
          { token: "string.key.json", foreground: rules.field },
          { token: "string.value.json", foreground: rules.string },
          { token: "number.json", foreground: rules.number },
          { token: "keyword.json", foreground: rules.keyword },
        ],
        colors: {
          "editor.background": "#ffffff00",
          "scrollbar.shadow": "#ffffff00",
          "editorLineNumber.foreground": `#${rules.comment}`,
          "editorLineNumber.activeForeground": accent,
          "textLink.foreground": accent,
          "textLink.activeForeground": accent,
          "editorLink.activeForeground": accent,
          "editorWidget.background": background,
          "editorHoverWidget.background": background,
          "editorSuggestWidget.background": background,
          "editorSuggestWidget.selectedBackground": `${accent}26`,
          "editorSuggestWidget.selectedForeground": accent,
          "editorSuggestWidget.highlightForeground": accent,
          "menu.background": background,
          "menu.selectionBackground": `${accent}26`,
          "menu.selectionForeground": accent,
          "quickInput.background": background,
          "quickInputList.focusBackground": `${accent}26`,
          "list.hoverBackground": `${accent}1a`,
          "list.highlightForeground": accent,
          "toolbar.hoverBackground": `${accent}1a`,
          focusBorder: accent,
        },
      });
    }
  }, [monaco]);
}
