"""A CLIP of a million parameters, with OpenAI's names for them: a ViT for images, a causal transformer for captions."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from drawing import SIDE

# CLIP's own, of red, green and blue between 0 and 1; pictures have 0 to 255.
CHANNEL_MEANS = [0.48145466, 0.4578275, 0.40821073]
CHANNEL_DEVIATIONS = [0.26862954, 0.26130258, 0.27577711]
MEAN = torch.tensor(CHANNEL_MEANS).view(1, 3, 1, 1) * 255
DEVIATION = torch.tensor(CHANNEL_DEVIATIONS).view(1, 3, 1, 1) * 255
HEAD_WIDTH = 64


def prepared(pictures: np.ndarray) -> torch.Tensor:
    """Pictures [B, 48, 48, 3] of bytes as the encoder takes them."""
    return (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() - MEAN) / DEVIATION


class QuickGELU(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(1.702 * x)


class Attention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = max(1, width // HEAD_WIDTH)
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) * width**-0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, is_causal: bool) -> torch.Tensor:
        batch, length, width = x.shape
        qkv = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        q, k, v = qkv.view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
        return self.out_proj(y.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.ln_1, self.attn, self.ln_2 = nn.LayerNorm(width), Attention(width), nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, 4 * width))
        self.mlp.add_module("gelu", QuickGELU())
        self.mlp.add_module("c_proj", nn.Linear(4 * width, width))

    def forward(self, x: torch.Tensor, is_causal: bool) -> torch.Tensor:
        x = x + self.attn(self.ln_1(x), is_causal)
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(Block(width) for _ in range(layers))
        for block in self.resblocks:
            nn.init.normal_(block.attn.in_proj_weight, std=width**-0.5)
            nn.init.normal_(block.attn.out_proj.weight, std=(2 * layers * width) ** -0.5)
            nn.init.normal_(block.mlp.c_fc.weight, std=(2 * width) ** -0.5)
            nn.init.normal_(block.mlp.c_proj.weight, std=(2 * layers * width) ** -0.5)
            for layer in block.attn.out_proj, block.mlp.c_fc, block.mlp.c_proj:
                nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor, is_causal: bool = False) -> torch.Tensor:
        for block in self.resblocks:
            x = block(x, is_causal)
        return x


class VisionTransformer(nn.Module):
    def __init__(self, patch: int = 8, width: int = 128, layers: int = 4, features: int = 64) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, patch, patch, bias=False)
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positional_embedding = nn.Parameter(torch.randn((SIDE // patch) ** 2 + 1, width) * width**-0.5)
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.transformer = Transformer(width, layers)
        self.proj = nn.Parameter(torch.randn(width, features) * width**-0.5)

    def class_token(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv1(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.class_embedding.to(x.dtype).expand(len(x), 1, -1), x], 1)
        return self.ln_post(self.transformer(self.ln_pre(x + self.positional_embedding.to(x.dtype)))[:, 0])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.class_token(x) @ self.proj


class CLIP(nn.Module):
    def __init__(self, tokens: int, context: int = 24, width: int = 64, layers: int = 3, features: int = 64) -> None:
        super().__init__()
        self.visual = VisionTransformer(features=features)
        self.token_embedding = nn.Embedding(tokens, width)
        self.positional_embedding = nn.Parameter(torch.randn(context, width) * 0.01)
        self.transformer, self.ln_final = Transformer(width, layers), nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, features) * width**-0.5)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        nn.init.normal_(self.token_embedding.weight, std=0.02)

    def encode_image(self, pictures: torch.Tensor) -> torch.Tensor:
        return self.visual(pictures)

    def encode_text(self, tokens: torch.Tensor) -> torch.Tensor:
        ends = tokens.argmax(1)
        length = int(ends.max()) + 1
        x = self.token_embedding(tokens[:, :length]) + self.positional_embedding[:length]
        x = self.ln_final(self.transformer(x, is_causal=True))
        return x[torch.arange(len(tokens)), ends] @ self.text_projection
