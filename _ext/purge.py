"""Leave out of a stylesheet what no page of the site can ever use.

A rule stays if every class and identifier that its selector asks for occurs as a word in a page or in a
script: whatever a script can add to a page stands in it. Variables stay if something reads them. Of the rules
of the theme and of Bootstrap, made for every page that anybody may write, that leaves about a third.
"""

import re

import tinycss2

READ = re.compile(r"var\(\s*(--[\w-]+)")


def alternatives(tokens):
    """Split a selector at its commas; give each part with the classes and identifiers that it asks for.

    What stands within :not(), :is() and the like does not count: it may be there or not.
    """
    parts, names, dot = [[]], [set()], False
    for token in tokens:
        if token == ",":
            parts.append([])
            names.append(set())
        else:
            parts[-1].append(token)
        if token.type == "hash" or (dot and token.type == "ident"):
            names[-1].add(token.value)
        dot = token == "."
    return zip(parts, names, strict=True)


def rules(tokens, used, read):
    """Return the rules that stay; `read` holds the variables that something reads, None for all."""
    kept = []
    for rule in tinycss2.parse_rule_list(tokens, skip_comments=True, skip_whitespace=True):
        name = rule.type == "at-rule" and rule.lower_at_keyword
        if rule.type == "qualified-rule":
            wanted = [part for part, names in alternatives(rule.prelude) if names <= used]
            head = ",".join(tinycss2.serialize(part).strip() for part in wanted)
            inside = head and declarations(rule.content, read)
        elif name in ("media", "supports", "layer") and rule.content:
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}"
            inside = rules(rule.content, used, read)
        else:
            if name != "charset":  # allowed at the very start only
                kept.append(rule.serialize())
            continue
        if inside:
            kept.append(f"{head}{{{inside}}}")
    return "\n".join(kept)


def declarations(tokens, read):
    """Return the declarations of a rule without the variables that nothing reads."""

    def stays(one):
        variable = one.type == "declaration" and one.name.startswith("--")
        return not variable or read is None or one.name in read

    found = tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True)
    return ";".join(one.serialize() for one in found if stays(one))


def purge(css, texts):
    """Return a stylesheet without the rules and variables that pages and scripts (their texts) cannot use."""
    used = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    css, before = rules(css, used, None), None
    while css != before:  # a variable may be read by another one only
        before = css
        css = rules(css, used, set(READ.findall(css)).union(*map(READ.findall, texts)))
    return css
