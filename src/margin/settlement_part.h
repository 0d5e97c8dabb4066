#pragma once

#include <vector>

#include "margin/book.h"

namespace margrave {

/// The assets that the books hold, or that what they hold or have ordered settles in; ascending, each once. Under a
/// recipe whose numeraire is settlement there is one requirement for each.
std::vector<AssetId> settlement_assets(const Registry& registry, const std::vector<Book>& books);

/// What of a book settles in an asset: the positions and orders in such instruments, and the balance of the asset. The
/// names of what was not understood stay in every part.
Book settlement_part(const Registry& registry, const Book& book, AssetId asset);

/// The parts of the books that hold anything in the asset, in the order of the books.
std::vector<Book> settlement_parts(const Registry& registry, const std::vector<Book>& books, AssetId asset);

}  // namespace margrave
