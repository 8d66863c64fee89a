using TorchSharp;
Hypir.Networks.NativeHeap.KeepFreedBlocks();
Console.WriteLine(torch.__version__);
using var x = torch.randn(3);
Console.WriteLine(x.sum().item<float>());
