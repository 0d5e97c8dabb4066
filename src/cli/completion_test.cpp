#include "cli/completion.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "cli/built_in.h"
#include "document/file.h"

namespace margrave {
namespace {

/// What bash offers for the last of the words, in a folder without files.
std::vector<std::string> offered(const std::vector<std::string>& words) {
  char folder[] = "/tmp/margrave-completion-XXXXXX";
  EXPECT_NE(mkdtemp(folder), nullptr);
  const std::string script = std::string(folder) + "-script";
  EXPECT_TRUE(write_file_atomically(script, completion_script("bash")).has_value());
  std::string command = "cd " + std::string(folder) + " && bash -c '. " + script + "; COMP_WORDS=(";
  for (const std::string& word : words) command += " \"" + word + "\"";
  command += "); COMP_CWORD=" + std::to_string(words.size() - 1) + "; _margrave; echo \"${COMPREPLY[@]}\"'";
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  char piece[4096];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) text += piece;
  EXPECT_EQ(pclose(pipe), 0);
  std::remove(script.c_str());
  std::remove(folder);
  std::istringstream line(text);
  return {std::istream_iterator<std::string>(line), {}};
}

using Words = std::vector<std::string>;

TEST(Completion, VerbsAndFlagsAreOffered) {
  EXPECT_EQ(offered({"margrave", "ma"}), Words{"margin"});
  EXPECT_EQ(offered({"margrave", "--v"}), Words{"--version"});
  EXPECT_EQ(offered({"margrave", "margin", "book.yaml", "--f"}), Words{"--full"});
  EXPECT_EQ(offered({"margrave", "doctor", ""}), Words{});
}

TEST(Completion, ValuesOfAFlagAreOfferedAfterIt) {
  EXPECT_EQ(offered({"margrave", "margin", "--recipe", ""}), preset_names());
  EXPECT_EQ(offered({"margrave", "explain", "-r", "hs"}), (Words{"hs-es", "hs-var"}));
  EXPECT_EQ(offered({"margrave", "compare", "book.yaml", "-r", "hs"}), (Words{"hs-es", "hs-var"}));
  EXPECT_EQ(offered({"margrave", "price", "--isa", "avx"}), (Words{"avx2", "avx512"}));
  EXPECT_EQ(offered({"margrave", "price", "--strike", ""}), Words{});
}

TEST(Completion, ArgumentsOfAVerbAreOffered) {
  EXPECT_EQ(offered({"margrave", "schema", ""}), schema_names());
  EXPECT_EQ(offered({"margrave", "completion", ""}), (Words{"bash", "zsh", "fish"}));
}

TEST(Completion, ActionsOfAVerbAreOfferedWithWhatTheyTake) {
  EXPECT_EQ(offered({"margrave", "recip"}), (Words{"recipes", "recipe"}));
  EXPECT_EQ(offered({"margrave", "recipe", "di"}), Words{"diff"});
  EXPECT_EQ(offered({"margrave", "recipe", "show", "hs"}), (Words{"hs-es", "hs-var"}));
  EXPECT_EQ(offered({"margrave", "recipe", "check", "--j"}), Words{"--json"});
  EXPECT_NE(completion_script("fish").find("__fish_seen_subcommand_from recipe' -a 'check "), std::string::npos);
}

TEST(Completion, FishKnowsTheSameWords) {
  const std::string script = completion_script("fish");
  const std::string of_margin = "complete -c margrave -n '__fish_seen_subcommand_from margin' ";
  EXPECT_NE(script.find(of_margin + "-s r -l recipe -r -a '" + joined(preset_names(), " ") + "'\n"), std::string::npos);
  EXPECT_NE(script.find(of_margin + "-l isa -x -a 'portable scalar avx2 avx512'\n"), std::string::npos);
  EXPECT_NE(script.find("__fish_seen_subcommand_from schema' -f -a '" + joined(schema_names(), " ") + "'\n"),
            std::string::npos);
  EXPECT_NE(script.find("__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n"), std::string::npos);
}

}  // namespace
}  // namespace margrave
