#include "cli/completion.h"

#include "cli/built_in.h"
#include "cli/options.h"

namespace margrave {
namespace {

/// A case of bash: patterns, and what may stand there.
std::string bash_case(const std::string& patterns, const std::string& flags, const std::vector<std::string>& values,
                      bool files) {
  return "    " + patterns + ") flags='" + flags + "' values='" + joined(values, " ") +
         "' files=" + (files ? "yes" : "") + " ;;\n";
}

std::string bash_verb(const VerbWords& verb) {
  std::vector<std::string> flags;
  for (const VerbWords::Flag& flag : verb.flags) flags.push_back(flag.names.back());
  return bash_case(verb.name, joined(flags, " "), verb.arguments, verb.takes_file);
}

/// What may stand after the flags of a verb that take a value.
std::string bash_values(const VerbWords& verb) {
  std::string cases;
  for (const VerbWords::Flag& flag : verb.flags) {
    if (!flag.takes_value) continue;
    std::vector<std::string> patterns;
    for (const std::string& name : flag.names) patterns.push_back(verb.name + ":" + name);
    cases += bash_case(joined(patterns, "|"), "", flag.values, flag.takes_file);
  }
  return cases;
}

std::string bash_completion() {
  std::vector<std::string> names;
  std::string of_verbs, of_flags;
  for (const VerbWords& verb : verb_words()) {
    names.push_back(verb.name);
    of_verbs += bash_verb(verb);
    of_flags += bash_values(verb);
  }
  return "_margrave() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} flags= values= files=\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then flags='--help --version' values='" +
         joined(names, " ") + "'; else\n    case ${COMP_WORDS[1]} in\n" + of_verbs +
         "    esac\n    case ${COMP_WORDS[1]}:$before in\n" + of_flags +
         "    esac\n  fi\n  case $cur in\n"
         "    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\")) ;;\n"
         "    *) COMPREPLY=($(compgen -W \"$values\" -- \"$cur\"))\n"
         "      [ -n \"$files\" ] && COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n"
         "  esac\n  return 0\n}\ncomplete -o filenames -F _margrave margrave\n";
}

std::string fish_flag(const VerbWords& verb, const VerbWords::Flag& flag) {
  std::string line = "complete -c margrave -n '__fish_seen_subcommand_from " + verb.name + "'";
  for (const std::string& name : flag.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (flag.takes_value) line += flag.takes_file ? " -r" : " -x";
  if (!flag.values.empty()) line += " -a '" + joined(flag.values, " ") + "'";
  return line + "\n";
}

std::string fish_completion() {
  std::string text;
  for (const VerbWords& verb : verb_words()) {
    text += "complete -c margrave -n __fish_use_subcommand -a " + verb.name + " -d '" + verb.description + "'\n";
    if (!verb.takes_file || !verb.arguments.empty()) {
      text += "complete -c margrave -n '__fish_seen_subcommand_from " + verb.name + (verb.takes_file ? "'" : "' -f") +
              " -a '" + joined(verb.arguments, " ") + "'\n";
    }
    for (const VerbWords::Flag& flag : verb.flags) text += fish_flag(verb, flag);
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bash_completion();
  if (shell == "fish") return fish_completion();
  return "";
}

}  // namespace margrave
