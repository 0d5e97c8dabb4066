# Writes the files of recipes/, scenarios/, unwind/ and schemas/ into a source file, as raw literals.
function(margrave_embed out)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/recipes/*.yaml ${PROJECT_SOURCE_DIR}/scenarios/*.yaml ${PROJECT_SOURCE_DIR}/unwind/*.yaml ${PROJECT_SOURCE_DIR}/schemas/*.json)
  list(SORT files)
  set(entries "")
  foreach(path ${files})
    file(READ ${PROJECT_SOURCE_DIR}/${path} text)
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${path})
    # A literal may hold 64 KiB; longer files are cut into adjacent ones.
    set(literals "")
    string(LENGTH "${text}" length)
    set(at 0)
    while(at LESS length)
      string(SUBSTRING "${text}" ${at} 12000 piece)
      string(APPEND literals "R\"EMBEDDED(${piece})EMBEDDED\"\n")
      math(EXPR at "${at} + 12000")
    endwhile()
    string(APPEND entries "    {\"${path}\", std::string_view(\n${literals})},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${out} @ONLY CONTENT [[
#include "base/embedded.h"

namespace margrave {
namespace {

constexpr EmbeddedFile files[] = {
@entries@};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return files; }

std::optional<std::string_view> embedded_file(std::string_view path) {
  for (const EmbeddedFile& file : files) {
    if (file.path == path) return file.text;
  }
  return std::nullopt;
}

}  // namespace margrave
]])
endfunction()
